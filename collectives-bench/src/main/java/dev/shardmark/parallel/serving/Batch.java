package dev.shardmark.parallel.serving;

/** The requests of one iteration, each in a slot of its own. */
public final class Batch {
  private final int[][] said;
  private final int[] count;
  private final int[] slots;
  private final Request[] requests;
  private final boolean[] starts;
  private int size;

  /**
   * A batch without requests.
   *
   * @param said room for the tokens of each request
   */
  Batch(int places, int[][] said) {
    this.said = said;
    count = new int[said.length];
    slots = new int[places];
    requests = new Request[places];
    starts = new boolean[places];
  }

  /** Requests in this iteration. */
  public int size() {
    return size;
  }

  /** The slot of a place. */
  public int slot(int place) {
    return slots[place];
  }

  /** The request of a place. */
  public Request request(int place) {
    return requests[place];
  }

  /** Whether the slot knows nothing yet of the request. */
  public boolean starts(int place) {
    return starts[place];
  }

  /** Tokens the request has said. */
  public int saidCount(int place) {
    return count[requests[place].id()];
  }

  /** The token the request has said after so many others. */
  public int said(int place, int after) {
    return said[requests[place].id()][after];
  }

  /** Says the next token; one beyond what the request asked for is dropped. */
  public void answer(int place, int token) {
    int id = requests[place].id();
    if (count[id] < said[id].length) {
      said[id][count[id]++] = token;
    }
  }

  void clear() {
    size = 0;
  }

  void add(int slot, Request request, boolean start) {
    slots[size] = slot;
    requests[size] = request;
    starts[size++] = start;
  }

  int saidBy(Request request) {
    return count[request.id()];
  }

  boolean isDone(Request request) {
    return count[request.id()] == request.outputTokens();
  }
}
