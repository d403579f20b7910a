package dev.shardmark.parallel.expert;

import dev.shardmark.collectives.Communicator;
import dev.shardmark.kernels.Matrix;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;

/** Ways of rows that are wrong in one way. */
final class WrongDispatches {
  private WrongDispatches() {}

  /** What comes back is a row off. */
  record OffByOne(Dispatch dispatch) implements Dispatch {
    @Override
    public Matrix send(Matrix rows, int[] offset) {
      return dispatch.send(rows, offset);
    }

    @Override
    public int[] offset() {
      return dispatch.offset();
    }

    @Override
    public Matrix giveBack(Matrix results) {
      Matrix rows = dispatch.giveBack(results);
      Matrix wrong = Matrix.zeros(rows.rows(), rows.cols());
      int length = rows.rows() * rows.cols();
      for (int i = 0; i < length; i++) {
        int from = (i + rows.cols()) % length;
        wrong.data()[wrong.offset() + i] = rows.data()[rows.offset() + from];
      }
      return wrong;
    }
  }

  /** Sends each rank as many elements as come from it, and the other way round. */
  static Communicator transposed(Communicator group) {
    return (Communicator)
        Proxy.newProxyInstance(
            Communicator.class.getClassLoader(),
            new Class<?>[] {Communicator.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals("allToAllV")) {
                Object sent = arguments[2];
                arguments[2] = arguments[5];
                arguments[5] = sent;
              }
              try {
                return method.invoke(group, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }
}
