#include "CDigest.h"

#if defined(__x86_64__)

#include <cpuid.h>
#include <immintrin.h>

#define WITH_SHA __attribute__((target("sha,sse4.1,ssse3")))
#define INLINED WITH_SHA static inline __attribute__((always_inline))

// FIPS 180-4 §4.2.2.
static const uint32_t constants[64] __attribute__((aligned(16))) = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
};

// The words A to H in the order in which SHA256RNDS2 wants them.
struct lane {
    __m128i abef, cdgh;
};

int digest_has_instructions(void) {
    unsigned a, b, c, d;
    if (__get_cpuid_max(0, 0) < 7) return 0;
    __cpuid(1, a, b, c, d);
    if (!(c & bit_SSSE3) || !(c & bit_SSE4_1)) return 0;
    __cpuid_count(7, 0, a, b, c, d);
    return (b & bit_SHA) != 0;
}

INLINED struct lane load(const uint32_t *state) {
    __m128i badc = _mm_shuffle_epi32(_mm_loadu_si128((const __m128i *)state), 0xB1);
    __m128i efgh = _mm_shuffle_epi32(_mm_loadu_si128((const __m128i *)(state + 4)), 0x1B);
    return (struct lane){_mm_alignr_epi8(badc, efgh, 8), _mm_blend_epi16(efgh, badc, 0xF0)};
}

INLINED void store(uint32_t *state, struct lane lane) {
    __m128i feba = _mm_shuffle_epi32(lane.abef, 0x1B);
    __m128i dchg = _mm_shuffle_epi32(lane.cdgh, 0xB1);
    _mm_storeu_si128((__m128i *)state, _mm_blend_epi16(feba, dchg, 0xF0));
    _mm_storeu_si128((__m128i *)(state + 4), _mm_alignr_epi8(dchg, feba, 8));
}

INLINED void add(struct lane *lane, struct lane before) {
    lane->abef = _mm_add_epi32(lane->abef, before.abef);
    lane->cdgh = _mm_add_epi32(lane->cdgh, before.cdgh);
}

/// Four words of the message, which is big-endian.
INLINED __m128i message(const uint8_t *block, int quarter) {
    const __m128i swapped = _mm_set_epi64x(0x0c0d0e0f08090a0b, 0x0405060700010203);
    return _mm_shuffle_epi8(_mm_loadu_si128((const __m128i *)(block + 16 * quarter)), swapped);
}

/// The next four words of the schedule, of the sixteen before them.
INLINED __m128i schedule(__m128i first, __m128i second, __m128i third, __m128i fourth) {
    __m128i sum = _mm_add_epi32(_mm_sha256msg1_epu32(first, second), _mm_alignr_epi8(fourth, third, 4));
    return _mm_sha256msg2_epu32(sum, fourth);
}

/// Four of the 64 rounds.
INLINED void rounds(struct lane *lane, __m128i words, int group) {
    __m128i keyed = _mm_add_epi32(words, _mm_load_si128((const __m128i *)(constants + 4 * group)));
    lane->cdgh = _mm_sha256rnds2_epu32(lane->cdgh, lane->abef, keyed);
    lane->abef = _mm_sha256rnds2_epu32(lane->abef, lane->cdgh, _mm_shuffle_epi32(keyed, 0x0E));
}

WITH_SHA void digest_blocks(uint32_t state[8], const uint8_t *bytes, size_t blocks) {
    struct lane lane = load(state);
    for (; blocks > 0; blocks--, bytes += 64) {
        struct lane before = lane;
        __m128i words[4];
#pragma unroll
        for (int group = 0; group < 16; group++) {
            __m128i *next = words + group % 4;
            *next = group < 4 ? message(bytes, group)
                              : schedule(*next, words[(group + 1) % 4], words[(group + 2) % 4], words[(group + 3) % 4]);
            rounds(&lane, *next, group);
        }
        add(&lane, before);
    }
    store(state, lane);
}

WITH_SHA void digest_block_pairs(uint32_t one[8], const uint8_t *ones, uint32_t other[8], const uint8_t *others,
                                 size_t blocks) {
    struct lane a = load(one), b = load(other);
    for (; blocks > 0; blocks--, ones += 64, others += 64) {
        struct lane a_before = a, b_before = b;
        __m128i v[4], w[4];
#pragma unroll
        for (int group = 0; group < 16; group++) {
            int i = group % 4, j = (group + 1) % 4, k = (group + 2) % 4, l = (group + 3) % 4;
            v[i] = group < 4 ? message(ones, group) : schedule(v[i], v[j], v[k], v[l]);
            w[i] = group < 4 ? message(others, group) : schedule(w[i], w[j], w[k], w[l]);
            rounds(&a, v[i], group);
            rounds(&b, w[i], group);
        }
        add(&a, a_before);
        add(&b, b_before);
    }
    store(one, a);
    store(other, b);
}

#else

int digest_has_instructions(void) { return 0; }
void digest_blocks(uint32_t state[8], const uint8_t *bytes, size_t blocks) { __builtin_trap(); }
void digest_block_pairs(uint32_t one[8], const uint8_t *ones, uint32_t other[8], const uint8_t *others,
                        size_t blocks) {
    __builtin_trap();
}

#endif
