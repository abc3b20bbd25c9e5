// The compression of SHA-256 (FIPS 180-4 §6.2) over two runs of bytes in step. A processor's instructions for it wait
// for each other within one run: given two runs at once they do nearly twice as much. libcrypto takes one at a time.
#ifndef CDIGEST_H
#define CDIGEST_H

#include <stddef.h>
#include <stdint.h>

/// Whether this processor has the instructions (x86-64 with SHA-NI); the functions below need them.
int digest_has_instructions(void);
/// Takes `blocks` blocks of 64 bytes into a state of eight words, H0 first.
void digest_blocks(uint32_t state[8], const uint8_t *bytes, size_t blocks);
/// The same for two states and two runs, of equal length, which may overlap.
void digest_block_pairs(uint32_t one[8], const uint8_t *ones, uint32_t other[8], const uint8_t *others, size_t blocks);

#endif
