package dev.shardmark.kernels.peer;

import java.io.IOException;
import java.io.InputStream;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandleProxies;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import java.util.Properties;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * The Vector API code of {@code dev.ludovic.netlib:blas}, found by its name on the class path, so
 * that nothing here needs it to compile: one instance a process.
 */
final class Netlib {
  private static final Once<Netlib> HERE = new Once<>(Netlib::new);

  private static final String PACKAGE = "dev.ludovic.netlib.blas";
  private static final String CHOSEN = "VectorBLAS";

  /** Held, because a level is lost with its logger. */
  private static final Logger CHOICE = Logger.getLogger(PACKAGE + ".InstanceBuilder");

  private final Sgemm sgemm;
  private final String description;

  private Netlib() {
    CHOICE.setLevel(Level.OFF); // the description says what it chose
    System.setProperty(PACKAGE + ".allowNative", "false"); // or it looks for the system's BLAS
    try {
      Class<?> blas = Class.forName(PACKAGE + ".BLAS");
      Object instance = Class.forName(PACKAGE + ".JavaBLAS").getMethod("getInstance").invoke(null);
      String chosen = instance.getClass().getSimpleName();
      if (!chosen.equals(CHOSEN)) { // which it says to a log alone
        throw new PeerUnavailableException(
            "netlib does without the Vector API: wanted=" + CHOSEN + " chosen=" + chosen);
      }
      MethodHandle handle = MethodHandles.publicLookup().findVirtual(blas, "sgemm", type());
      sgemm = MethodHandleProxies.asInterfaceInstance(Sgemm.class, handle.bindTo(instance));
      description = "netlib " + version() + ", " + chosen;
    } catch (ClassNotFoundException e) {
      throw new PeerUnavailableException(
          "netlib is not on the class path: class=" + e.getMessage());
    } catch (ReflectiveOperationException | IOException e) {
      throw new PeerUnavailableException("netlib does not open: cause=" + e);
    }
  }

  /** The library of this process. */
  static Netlib here() {
    return HERE.get();
  }

  /** Version and the class it chose. */
  String description() {
    return description;
  }

  /** Its product, column-major. */
  Sgemm sgemm() {
    return sgemm;
  }

  private static String version() throws IOException {
    String resource = "/META-INF/maven/dev.ludovic.netlib/blas/pom.properties";
    try (InputStream in = Netlib.class.getResourceAsStream(resource)) {
      if (in == null) {
        return "of unknown version";
      }
      Properties facts = new Properties();
      facts.load(in);
      return facts.getProperty("version");
    }
  }

  /** The parameters that {@link Sgemm} declares. */
  private static MethodType type() {
    Method method = Sgemm.class.getMethods()[0];
    return MethodType.methodType(method.getReturnType(), method.getParameterTypes());
  }

  /** {@code sgemm} of its {@code BLAS}, column-major as in Fortran, with offsets into arrays. */
  public interface Sgemm {
    void multiply(
        String transA,
        String transB,
        int m,
        int n,
        int k,
        float alpha,
        float[] a,
        int offsetA,
        int lda,
        float[] b,
        int offsetB,
        int ldb,
        float beta,
        float[] c,
        int offsetC,
        int ldc);
  }
}
