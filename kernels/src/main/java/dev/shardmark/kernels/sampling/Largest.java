package dev.shardmark.kernels.sampling;

/**
 * The k largest values of those offered, of equal ones those with the lowest ids, in a heap whose
 * root is the least of them.
 *
 * <p>A value and its id are one {@code long}, whose order is theirs: the bits of the float made
 * ascending above, the id's complement below.
 */
final class Largest {
  private long[] keys = new long[0];

  private int k;

  private int size;

  /** Forgets all, and keeps k from now on. */
  void keep(int k) {
    if (keys.length < k) {
      keys = new long[k];
    }
    this.k = k;
    size = 0;
  }

  /** Offers a row: column j is {@code x + add} with id {@code firstId + j}; ids must ascend. */
  void offer(Scan scan, float[] x, int at, int n, float add, int firstId) {
    for (int j = scan.next(x, at, 0, n, add, least());
        j < n;
        j = scan.next(x, at, j + 1, n, add, least())) {
      offer(key(x[at + j] + add, firstId + j));
    }
  }

  /** How many are kept. */
  int size() {
    return size;
  }

  /** The value in a place. */
  float value(int place) {
    int bits = (int) (keys[place] >> 32);
    return Float.intBitsToFloat(bits < 0 ? bits ^ Integer.MAX_VALUE : bits);
  }

  /** The id in a place. */
  int id(int place) {
    return ~(int) keys[place];
  }

  /** Puts the largest first. */
  void sort() {
    int all = size;
    while (size > 1) {
      long least = keys[0];
      long last = keys[--size];
      sink(0, last);
      keys[size] = least;
    }
    size = all;
  }

  /** Drops all but the first n, and puts the lowest id first. */
  void sortById(int n) {
    size = n;
    swapHalves();
    for (int place = n / 2 - 1; place >= 0; place--) {
      sink(place, keys[place]);
    }
    sort();
    swapHalves();
  }

  /** What an offer must be above: later ids lose to equal values. */
  private float least() {
    return size < k ? Float.NEGATIVE_INFINITY : value(0);
  }

  private void offer(long key) {
    if (size == k) {
      sink(0, key);
      return;
    }
    int place = size++;
    while (place > 0 && keys[(place - 1) / 2] > key) {
      keys[place] = keys[(place - 1) / 2];
      place = (place - 1) / 2;
    }
    keys[place] = key;
  }

  /** Puts a key in a place or below, wherever the heap allows it. */
  private void sink(int place, long key) {
    for (int child = 2 * place + 1; child < size; child = 2 * place + 1) {
      if (child + 1 < size && keys[child + 1] < keys[child]) {
        child++;
      }
      if (keys[child] >= key) {
        break;
      }
      keys[place] = keys[child];
      place = child;
    }
    keys[place] = key;
  }

  private void swapHalves() {
    for (int place = 0; place < size; place++) {
      keys[place] = Long.rotateLeft(keys[place], 32);
    }
  }

  private static long key(float value, int id) {
    int bits = Float.floatToRawIntBits(value + 0f); // -0 becomes 0: they are equal
    int ascending = bits < 0 ? bits ^ Integer.MAX_VALUE : bits;
    return (long) ascending << 32 | ~id & 0xffffffffL;
  }
}
