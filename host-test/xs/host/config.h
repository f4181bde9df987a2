/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How XS is configured, forced into every XS source with -include.
 *
 * The same choices as the Moddable SDK makes for a device: no normalize(), no \p{..} in regular expressions,
 * strings counted in code points. What is not defined here stays undefined on purpose: mxDebug, mxInstrument,
 * mxSnapshot, mxLockdown, mxCESU8, mxStringNormalize, mxRegExpUnicodePropertyEscapes, mxMinusZero.
 */
#ifndef LATCHKEY_XS_CONFIG_H
#define LATCHKEY_XS_CONFIG_H

#define INCLUDE_XSPLATFORM 1
#define XSPLATFORM "platform.h"

#define mxParse 1
#define mxRun 1
#define mxNoConsole 1
#define mxMetering 1

/* Without mxDebug XS leaves out its stack checks, and a deep recursion would overwrite the heap. */
#define mxBoundsCheck 1

#endif
