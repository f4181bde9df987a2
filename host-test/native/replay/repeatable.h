/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Random numbers and a clock that are the same in every run: a client that says the same to a recorded server.
 */
#ifndef LATCHKEY_TEST_REPEATABLE_H
#define LATCHKEY_TEST_REPEATABLE_H

#include <stdint.h>

/* Begins the random numbers anew and sets the clock, in seconds since 1970. */
void repeatable_begin(uint32_t time);

#endif
