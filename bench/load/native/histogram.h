// A histogram of nanoseconds with 64 steps per power of two: 1.6 % at worst.
#ifndef HISTOGRAM_H
#define HISTOGRAM_H
#include <stdint.h>

#define HISTOGRAM_SIZE (64 * 64)

typedef struct { uint64_t counts[HISTOGRAM_SIZE], total; } histogram_t;

static void histogram_add(histogram_t *h, uint64_t ns) {
  int index = (int)ns;
  if (ns >= 64) {
    int exponent = 63 - __builtin_clzll(ns);
    index = (exponent - 5) * 64 + ((ns >> (exponent - 6)) & 63);
  }
  h->counts[index]++;
  h->total++;
}

static double histogram_ms(const histogram_t *h, double quantile) {
  uint64_t wanted = (uint64_t)(quantile * h->total), seen = 0;
  for (int i = 0; i < HISTOGRAM_SIZE; i++) {
    seen += h->counts[i];
    if (seen <= wanted) continue;
    return (i < 64 ? i : (double)((64ull + i % 64) << (i / 64 - 1))) / 1e6;
  }
  return 0;
}

#endif
