/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Is a presented DNS name the server name? RFC 9525 section 6.3, stricter in one thing: a wildcard needs two labels
 * after it, so that `*.com` stands for nobody.
 */
#include "tls_verify.h"

#include <string.h>

static uint8_t lower(uint8_t letter)
{
	return letter >= 'A' && letter <= 'Z' ? (uint8_t)(letter + ('a' - 'A')) : letter;
}

static bool same(const uint8_t* presented, const char* name, size_t length)
{
	for (size_t at = 0; at < length; at++)
		if (lower(presented[at]) != lower((uint8_t)name[at]))
			return false;
	return true;
}

/* An IPv6 address, or a last label of digits alone: an address, or what some resolver would take for one. */
static bool is_address(const char* name)
{
	if (strchr(name, ':') != NULL)
		return true;
	const char* dot = strrchr(name, '.');
	const char* label = dot == NULL ? name : dot + 1;
	return strspn(label, "0123456789") == strlen(label);
}

/* `rest` is what follows the star. */
static bool wildcard_matches(const uint8_t* rest, size_t length, const char* server_name)
{
	const char* after = strchr(server_name, '.');
	if (after == NULL || after == server_name || strlen(after) != length)
		return false;
	if (strchr(after + 1, '.') == NULL)
		return false;
	return memchr(rest, '*', length) == NULL && same(rest, after, length);
}

bool tls_name_matches(const uint8_t* presented, size_t length, const char* server_name)
{
	size_t name_length = strlen(server_name);
	if (length == 0 || name_length == 0 || is_address(server_name))
		return false;
	if (presented[0] == '*')
		return wildcard_matches(presented + 1, length - 1, server_name);
	return length == name_length && same(presented, server_name, length);
}
