/* SPDX-License-Identifier: Apache-2.0 */
/*
 * libFuzzer's target: any bytes as what a server sends. The environment's LATCHKEY_RECORDING names the recording whose
 * client they are played to; what the server sent there is the best seed.
 */
#include <stdlib.h>

#include "session.h"

int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t length);

int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t length)
{
	static recording_t recording;
	if (recording.root == NULL) {
		const char* path = getenv("LATCHKEY_RECORDING");
		if (path == NULL)
			exit(2);
		recording = recording_read(path);
	}
	/* The first byte says how the rest is cut into pieces. */
	if (length > 1)
		session_play(&recording, bytes + 1, length - 1, bytes[0] == 0 ? length : bytes[0]);
	return 0;
}
