/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a process of the host (process/port.c) and the bare machine that qemu emulates (bare/port.c) do differently.
 */
#ifndef LATCHKEY_PORT_H
#define LATCHKEY_PORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Opens the way to Node. False when it is not there. */
bool port_open(void);

/* Waits for bytes; how many were read, at most `length`. 0: the other side has closed. */
size_t port_read(void* bytes, size_t length);

/* False when the other side takes no more. */
bool port_write(const void* bytes, size_t length);

/* Whether the other side is still there; does not wait. */
bool port_is_open(void);

/* The lowest address that the C stack may come to. `base` is where main's frame was. */
char* port_c_stack_limit(char* base);

/* Instructions retired since power-up; 0 always where they cannot be counted. */
uint64_t port_instructions(void);

#endif
