/* FNV-1a, 64 bits: a hash of bytes that is the same on every machine and for ever. */
#include <stdint.h>

void mora_fnv1a(int64_t n, const int64_t *offsets, const uint8_t *data, uint64_t *out) {
    for (int64_t i = 0; i < n; i++) {
        uint64_t hash = 0xCBF29CE484222325u;
        for (int64_t at = offsets[i]; at < offsets[i + 1]; at++) hash = (hash ^ data[at]) * 0x100000001B3u;
        out[i] = hash;
    }
}
