/* SPDX-License-Identifier: Apache-2.0 */
#include "tls_record_watch.h"

#include <string.h>

#define CONTENT_TYPE_ALERT 21u

void tls_record_watch_begin(tls_record_watch_t* watch)
{
	memset(watch, 0, sizeof *watch);
	watch->alert_number = -1;
}

static void end_record(tls_record_watch_t* watch)
{
	if (watch->header[0] == CONTENT_TYPE_ALERT) {
		watch->alert_seen = true;
		/* Any other length: it is encrypted, or malformed. */
		watch->alert_number = watch->fragment_length == 2 ? watch->alert[1] : -1;
	}
	watch->first_passed = true;
	watch->header_length = 0;
	watch->fragment_length = 0;
}

static void keep_first(tls_record_watch_t* watch, uint8_t byte)
{
	if (!watch->first_passed && watch->first_length < sizeof watch->first)
		watch->first[watch->first_length++] = byte;
}

static void pass_byte(tls_record_watch_t* watch, uint8_t byte)
{
	if (watch->header_length < sizeof watch->header) {
		watch->header[watch->header_length++] = byte;
	} else {
		if (watch->fragment_length < 2)
			watch->alert[watch->fragment_length] = byte;
		keep_first(watch, byte);
		watch->fragment_length++;
	}
	uint16_t expected = (uint16_t)(watch->header[3] << 8 | watch->header[4]);
	if (watch->header_length == sizeof watch->header && watch->fragment_length == expected)
		end_record(watch);
}

void tls_record_watch_pass(tls_record_watch_t* watch, const uint8_t* bytes, size_t length)
{
	for (size_t at = 0; at < length; at++)
		pass_byte(watch, bytes[at]);
}
