package dev.shardmark.results.report;

/** The area inside a picture that two axes span. */
record Frame(Svg svg, Axis x, Axis y, double left, double top, double width, double height) {
  double px(double value) {
    return left + width * x.fraction(value);
  }

  double py(double value) {
    return top + height * (1 - y.fraction(value));
  }

  double right() {
    return left + width;
  }

  double bottom() {
    return top + height;
  }

  /** Draws grid lines, tick labels and titles. */
  void draw() {
    for (double tick : y.ticks()) {
      svg.line(left, py(tick), right(), py(tick), "grid");
      svg.text(left - 6, py(tick) + 4, "tick end", y.format().apply(tick));
    }
    for (double tick : x.ticks()) {
      svg.line(px(tick), top, px(tick), bottom(), "grid");
      svg.text(px(tick), bottom() + 16, "tick middle", x.format().apply(tick));
    }
    svg.line(left, bottom(), right(), bottom(), "axis");
    svg.text(right(), bottom() + 34, "axis-title end", x.title());
    svg.text(left, top - 10, "axis-title", y.title());
  }
}
