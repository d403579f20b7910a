/*
 * The loop of a sweep over MPI, in C: what the same calls cost without Java.
 *
 *   mpicc -O3 -o mpi_loop mpi_loop.c
 *   echo "all_reduce 1024 out_of_place" | mpirun -n 2 ./mpi_loop WARMUP_NS MEASURE_NS FEWEST MOST
 *
 * Each line on standard input is an operation, the bytes S of nccl-tests and the place; each line
 * on standard output is what came of it, as JSON. Operations: all_reduce, reduce_scatter,
 * all_gather, all_to_all, broadcast, barrier, and with counts and displacements for each rank
 * reduce_scatter_v, all_gather_v, all_to_all_v. Elements are fp32, reductions are sums.
 *
 * Every element is verified, then zeros are timed: warm-up calls until time and number suffice; 5
 * batches back to back, mean over ranks, median of batches; then calls one by one behind a barrier,
 * the longest of the ranks each time. While no line comes the ranks sleep.
 */
#define _GNU_SOURCE
#include <mpi.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>

enum { WARMUP_CALLS = 16, BATCHES = 5, LINE = 80, BLOCK_ELEMENTS = 4, HUGE_PAGE = 1 << 21 };

struct call {
  char op[24];
  long bytes; /* as asked; S is 4 * count */
  int in_place;
  int count; /* elements of S */
  int block; /* elements of a rank's part of S */
  int *counts, *starts;
  float *in, *out;
};

static int rank, ranks;

static double now_ns(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return 1e9 * t.tv_sec + t.tv_nsec;
}

static int is(const struct call *c, const char *op) { return strcmp(c->op, op) == 0; }

static int reduces(const struct call *c) { return is(c, "all_reduce") || !strncmp(c->op, "reduce", 6); }

static int is_vector(const struct call *c) { return is(c, "all_reduce") || is(c, "broadcast"); }

static int gathers(const struct call *c) { return !strncmp(c->op, "all_gather", 10); }

static void run(const struct call *c) {
  MPI_Comm w = MPI_COMM_WORLD;
  void *in = c->in_place ? MPI_IN_PLACE : c->in;
  if (is(c, "all_reduce"))
    MPI_Allreduce(in, c->out, c->count, MPI_FLOAT, MPI_SUM, w);
  else if (is(c, "reduce_scatter"))
    MPI_Reduce_scatter_block(in, c->out, c->block, MPI_FLOAT, MPI_SUM, w);
  else if (is(c, "reduce_scatter_v"))
    MPI_Reduce_scatter(in, c->out, c->counts, MPI_FLOAT, MPI_SUM, w);
  else if (is(c, "all_gather"))
    MPI_Allgather(in, c->block, MPI_FLOAT, c->out, c->block, MPI_FLOAT, w);
  else if (is(c, "all_gather_v"))
    MPI_Allgatherv(in, c->block, MPI_FLOAT, c->out, c->counts, c->starts, MPI_FLOAT, w);
  else if (is(c, "all_to_all"))
    MPI_Alltoall(in, c->block, MPI_FLOAT, c->out, c->block, MPI_FLOAT, w);
  else if (is(c, "all_to_all_v"))
    MPI_Alltoallv(in, c->counts, c->starts, MPI_FLOAT, c->out, c->counts, c->starts, MPI_FLOAT, w);
  else if (is(c, "broadcast"))
    MPI_Bcast(c->out, c->count, MPI_FLOAT, 0, w);
  else
    MPI_Barrier(w);
}

/* A whole number; sums over ranks are exact. */
static float element(int of, int i) { return (i * 31 + of * 17 + 5) % 1021; }

static float expected(const struct call *c, int i) {
  if (reduces(c)) {
    float sum = 0;
    int at = is_vector(c) ? i : rank * c->block + i;
    for (int of = 0; of < ranks; of++) sum += element(of, at);
    return sum;
  }
  if (is(c, "broadcast")) return element(0, i);
  int from = i / c->block, inside = i % c->block;
  return element(from, gathers(c) ? inside : rank * c->block + inside);
}

static long wrong(const struct call *c) {
  int in_count = gathers(c) ? c->block : c->count;
  int out_count = !strncmp(c->op, "reduce", 6) ? c->block : c->count;
  int own = gathers(c) ? rank * c->block : 0; /* where in out an operand in place begins */
  long mine = 0, all;
  for (int i = 0; i < c->count; i++) c->out[i] = -1;
  for (int i = 0; i < in_count; i++) c->in[i] = element(rank, i);
  if (c->in_place) memcpy(c->out + own, c->in, sizeof(float) * in_count);
  run(c);
  for (int i = 0; i < out_count; i++) mine += c->out[i] != expected(c, i);
  MPI_Allreduce(&mine, &all, 1, MPI_LONG, MPI_SUM, MPI_COMM_WORLD);
  memset(c->in, 0, sizeof(float) * c->count);
  memset(c->out, 0, sizeof(float) * c->count);
  return all;
}

static int ascending(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

/* Rank 0's time for a call, on all ranks. */
static double warm_up(const struct call *c, double warmup_ns, int fewest) {
  double start = now_ns(), call_ns = 0;
  int go_on = 1;
  for (long calls = 0; go_on;) {
    double begin = now_ns();
    for (int i = 0; i < WARMUP_CALLS; i++) run(c);
    call_ns = (now_ns() - begin) / WARMUP_CALLS;
    calls += WARMUP_CALLS;
    go_on = now_ns() - start < warmup_ns || calls < fewest;
    MPI_Bcast(&go_on, 1, MPI_INT, 0, MPI_COMM_WORLD);
  }
  MPI_Bcast(&call_ns, 1, MPI_DOUBLE, 0, MPI_COMM_WORLD);
  return call_ns < 1 ? 1 : call_ns;
}

static double back_to_back_ns(const struct call *c, int calls) {
  double means[BATCHES];
  for (int batch = 0; batch < BATCHES; batch++) {
    MPI_Barrier(MPI_COMM_WORLD);
    double start = now_ns();
    for (int i = 0; i < calls; i++) run(c);
    double mine = (now_ns() - start) / calls;
    MPI_Allreduce(&mine, &means[batch], 1, MPI_DOUBLE, MPI_SUM, MPI_COMM_WORLD);
    means[batch] /= ranks;
  }
  qsort(means, BATCHES, sizeof *means, ascending);
  return means[BATCHES / 2];
}

/* Sorted, on rank 0. */
static void isolated(const struct call *c, double *ns, int calls) {
  for (int i = 0; i < calls; i++) {
    MPI_Barrier(MPI_COMM_WORLD);
    double start = now_ns();
    run(c);
    ns[i] = now_ns() - start;
  }
  MPI_Reduce(rank ? ns : MPI_IN_PLACE, ns, calls, MPI_DOUBLE, MPI_MAX, 0, MPI_COMM_WORLD);
  qsort(ns, calls, sizeof *ns, ascending);
}

/* The nearest rank, as HdrHistogram takes it. */
static double percentile(const double *sorted, int calls, double percent) {
  int at = (int)(percent / 100 * calls + 0.5);
  return sorted[at < 1 ? 0 : at > calls ? calls - 1 : at - 1];
}

/* Huge pages where the system has them, as the Java side has. */
static void *allocate(size_t bytes) {
  void *memory = NULL;
  if (posix_memalign(&memory, bytes < HUGE_PAGE ? 64 : HUGE_PAGE, bytes + 64))
    MPI_Abort(MPI_COMM_WORLD, 1);
#ifdef MADV_HUGEPAGE
  madvise(memory, bytes, MADV_HUGEPAGE);
#endif
  memset(memory, 0, bytes);
  return memory;
}

static void time_call(struct call *c, char **effort) {
  int fewest = atoi(effort[2]), most = atoi(effort[3]);
  c->count = (int)(c->bytes / sizeof(float));
  c->block = c->count / ranks / BLOCK_ELEMENTS * BLOCK_ELEMENTS;
  if (!is_vector(c)) c->count = c->block * ranks;
  c->in = allocate(sizeof(float) * c->count);
  c->out = allocate(sizeof(float) * c->count);
  c->counts = malloc(sizeof(int) * ranks);
  c->starts = malloc(sizeof(int) * ranks);
  for (int r = 0; r < ranks; r++) c->counts[r] = c->block, c->starts[r] = r * c->block;

  long bad = wrong(c);
  double call_ns = warm_up(c, atof(effort[0]), fewest);
  double wanted = atof(effort[1]) / call_ns;
  int calls = wanted < fewest ? fewest : wanted > most ? most : (int)wanted;
  double batch_ns = back_to_back_ns(c, calls / BATCHES > 1 ? calls / BATCHES : 1);
  double *ns = malloc(sizeof *ns * calls);
  isolated(c, ns, calls);
  if (rank == 0) {
    printf("{\"op\": \"%s\", \"ranks\": %d, \"size\": %ld, \"place\": \"%s\", \"wrong\": %ld, ", c->op,
           ranks, 4L * c->count, c->in_place ? "in_place" : "out_of_place", bad);
    printf("\"calls\": %d, \"time_ns\": %.1f, \"p50_ns\": %.0f, \"p90_ns\": %.0f, ", calls, batch_ns,
           percentile(ns, calls, 50), percentile(ns, calls, 90));
    printf("\"p99_ns\": %.0f, \"p99.9_ns\": %.0f, \"max_ns\": %.0f}\n", percentile(ns, calls, 99),
           percentile(ns, calls, 99.9), ns[calls - 1]);
    fflush(stdout);
  }
  free(ns), free(c->in), free(c->out), free(c->counts), free(c->starts);
}

/* Rank 0's next line on all ranks; others look for it now and then, and leave the cores alone. */
static int next_line(char *line) {
  MPI_Comm w = MPI_COMM_WORLD;
  if (rank == 0) {
    if (!fgets(line, LINE, stdin)) line[0] = 0;
    for (int to = 1; to < ranks; to++) MPI_Send(line, LINE, MPI_CHAR, to, 0, w);
  } else {
    const struct timespec pause = {0, 10000000};
    int here = 0;
    while (MPI_Iprobe(0, 0, w, &here, MPI_STATUS_IGNORE), !here) nanosleep(&pause, NULL);
    MPI_Recv(line, LINE, MPI_CHAR, 0, 0, w, MPI_STATUS_IGNORE);
  }
  return line[0] != 0;
}

int main(int argc, char **argv) {
  char line[LINE], place[16];
  MPI_Init(&argc, &argv);
  MPI_Comm_rank(MPI_COMM_WORLD, &rank);
  MPI_Comm_size(MPI_COMM_WORLD, &ranks);
  if (argc != 5) {
    if (rank == 0) fputs("usage: mpi_loop WARMUP_NS MEASURE_NS FEWEST MOST\n", stderr);
    MPI_Abort(MPI_COMM_WORLD, 2);
  }
  while (next_line(line)) {
    struct call c = {.in_place = 0};
    if (sscanf(line, "%23s %ld %15s", c.op, &c.bytes, place) != 3) {
      if (rank == 0) fprintf(stderr, "a line must be an operation, bytes and a place: %s", line);
      MPI_Abort(MPI_COMM_WORLD, 2);
    }
    c.in_place = !strcmp(place, "in_place");
    time_call(&c, argv + 1);
  }
  MPI_Finalize();
  return 0;
}
