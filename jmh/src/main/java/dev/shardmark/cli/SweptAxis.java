package dev.shardmark.cli;

import dev.shardmark.kernels.Variant;
import dev.shardmark.parallel.LayerSpec;
import dev.shardmark.parallel.sweep.AxisSplit;
import dev.shardmark.parallel.sweep.ContextScheme;
import dev.shardmark.parallel.sweep.ContextSplit;
import dev.shardmark.parallel.sweep.DataSplit;
import dev.shardmark.parallel.sweep.ExpertSplit;
import dev.shardmark.parallel.sweep.LayerSetup;
import dev.shardmark.parallel.sweep.Phase;
import dev.shardmark.parallel.sweep.PipelineSplit;
import dev.shardmark.parallel.sweep.Step;
import dev.shardmark.parallel.sweep.TensorSplit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;

/** The axes of {@code shardmark sweep}, and the points of each. */
enum SweptAxis {
  TENSOR("tp") {
    @Override
    List<Point> points(Asked asked) {
      LayerSetup setup = asked.setup(asked.oneSequence(), OptionalDouble.empty());
      return List.of(new Point(setup, new TensorSplit(setup, asked.degree(), false)));
    }
  },
  SEQUENCE("sp") {
    @Override
    List<Point> points(Asked asked) {
      LayerSetup setup = asked.setup(asked.oneSequence(), OptionalDouble.empty());
      return List.of(new Point(setup, new TensorSplit(setup, asked.degree(), true)));
    }
  },
  EXPERT("ep") {
    @Override
    List<Point> points(Asked asked) {
      LayerSetup setup = asked.setup(asked.sequencesFor(this), OptionalDouble.of(asked.skew()));
      return List.of(new Point(setup, new ExpertSplit(setup, asked.degree())));
    }
  },
  CONTEXT("cp") {
    @Override
    List<Point> points(Asked asked) {
      LayerSetup setup = asked.setup(asked.oneSequence(), OptionalDouble.empty());
      List<Point> points = new ArrayList<>();
      for (ContextScheme scheme : asked.schemes()) {
        points.add(new Point(setup, new ContextSplit(setup, asked.degree(), scheme)));
      }
      return points;
    }
  },
  /** A layer for each rank, and tokens in as many requests as are in flight. */
  PIPELINE("pp") {
    @Override
    List<Point> points(Asked asked) {
      LayerSetup setup = asked.setup(asked.request(), OptionalDouble.empty());
      int ranks = asked.degree();
      PipelineSplit split = new PipelineSplit(setup, ranks, ranks, asked.inFlight());
      return List.of(new Point(setup, split, split.together()));
    }
  },
  DATA("dp") {
    @Override
    List<Point> points(Asked asked) {
      LayerSetup setup = asked.setup(asked.sequencesFor(this), asked.skewIfExperts());
      return List.of(new Point(setup, new DataSplit(setup, asked.degree())));
    }
  };

  private static final int SMALL = 32;

  private final String parameter;

  SweptAxis(String parameter) {
    this.parameter = parameter;
  }

  /**
   * One row of the sweep.
   *
   * @param setup what is split
   * @param split how
   * @param whole one rank that has everything
   */
  record Point(LayerSetup setup, AxisSplit split, AxisSplit whole) {
    Point(LayerSetup setup, AxisSplit split) {
      this(setup, split, TensorSplit.none(setup));
    }
  }

  /**
   * What is asked of an axis at one degree.
   *
   * @param tokens of the step, all ranks together
   * @param context tokens each sequence of a decode has cached
   */
  record Asked(
      LayerSpec spec,
      int degree,
      Phase phase,
      int tokens,
      int context,
      double skew,
      int inFlight,
      List<ContextScheme> schemes) {
    /** The same at a few dimensions and tokens, which take no time. */
    Asked small() {
      LayerSpec few =
          new LayerSpec(
              SMALL,
              spec.heads(),
              spec.kvHeads(),
              SMALL / 8,
              spec.headNorm(),
              SMALL * degree,
              spec.experts(),
              spec.topK(),
              spec.sharedWidth() == 0 ? 0 : SMALL * degree,
              spec.rule());
      int some = Math.min(tokens, 8 * degree);
      int requests = some % inFlight == 0 ? inFlight : 1;
      int cached = Math.min(context, SMALL);
      return new Asked(few, degree, phase, some, cached, skew, requests, schemes);
    }

    LayerSetup setup(Step step, OptionalDouble skew) {
      return new LayerSetup(spec, step, skew, Variant.VECTOR);
    }

    OptionalDouble skewIfExperts() {
      return spec.experts() == 0 ? OptionalDouble.empty() : OptionalDouble.of(skew);
    }

    /** A prompt of all tokens, or a token of as many sequences. */
    Step oneSequence() {
      return phase == Phase.PREFILL ? new Step(1, tokens, 0) : new Step(tokens, 1, context);
    }

    /** What a request in flight has of the tokens. */
    Step request() {
      if (inFlight < 1 || tokens % inFlight != 0) {
        throw new IllegalArgumentException(
            "requests in flight must divide the tokens: inFlight="
                + inFlight
                + " tokens="
                + tokens);
      }
      int each = tokens / inFlight;
      return phase == Phase.PREFILL ? new Step(1, each, 0) : new Step(each, 1, context);
    }

    /** A prompt for each rank, or a token of as many sequences. */
    Step sequencesFor(SweptAxis axis) {
      if (phase == Phase.DECODE) {
        return oneSequence();
      }
      if (tokens % degree != 0) {
        throw new IllegalArgumentException(
            "the degree must divide the tokens of prompts: "
                + axis.parameter
                + "="
                + degree
                + " tokens="
                + tokens);
      }
      return new Step(degree, tokens / degree, 0);
    }
  }

  /** The points at one degree, phase and number of tokens. */
  abstract List<Point> points(Asked asked);

  /** The name on the command line. */
  String parameter() {
    return parameter;
  }

  /**
   * The axis of this name.
   *
   * @throws IllegalArgumentException naming the accepted values, if there is none
   */
  static SweptAxis of(String parameter) {
    return Arrays.stream(values())
        .filter(axis -> axis.parameter.equals(parameter))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "axis must be one of "
                        + Arrays.stream(values()).map(SweptAxis::parameter).toList()
                        + ": axis="
                        + parameter));
  }
}
