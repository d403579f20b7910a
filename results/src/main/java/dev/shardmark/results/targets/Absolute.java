package dev.shardmark.results.targets;

import dev.shardmark.results.format.SortedCopy;
import dev.shardmark.results.unit.Quantity;
import java.util.Objects;
import java.util.SortedMap;

/**
 * A rate of one documented machine: on any other the figure says nothing.
 *
 * @param noun what is counted, for example {@code token}
 * @param perCall how many of them one call is
 * @param machine facts of a run's fingerprint that tell the machine
 */
public record Absolute(String noun, double perCall, SortedMap<String, String> machine)
    implements Yardstick {
  public Absolute {
    Objects.requireNonNull(noun, "noun");
    machine = SortedCopy.of(machine, "machine");
    if (!(perCall > 0) || machine.isEmpty()) {
      throw new IllegalArgumentException(
          "an absolute figure must count something on a named machine: perCall="
              + perCall
              + " machine="
              + machine);
    }
  }

  @Override
  public Rate rate() {
    return Rate.CALLS;
  }

  @Override
  public Judgement judge(TargetRow row, double perSecond, double atLeast, RunRows rows) {
    SortedMap<String, String> here = rows.fingerprint().machine();
    if (!machine.entrySet().stream()
        .allMatch(fact -> fact.getValue().equals(here.get(fact.getKey())))) {
      return Judgement.notMeasured(row, "the figure is of another machine: " + machine);
    }
    return Judgement.of(row, perSecond * perCall, atLeast, rate().text(perSecond));
  }

  @Override
  public String text(double figure) {
    return Quantity.perSecond(figure, noun);
  }

  @Override
  public String name() {
    return "";
  }
}
