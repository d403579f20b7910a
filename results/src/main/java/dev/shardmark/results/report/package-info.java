/**
 * A run as one HTML page: read {@link dev.shardmark.results.report.Report} first.
 *
 * <p>The page is a pure function of the run and needs nothing but itself: no network, one inlined
 * style sheet and script, plots as SVG. {@code Markup} writes elements and is the one place that
 * escapes; {@code Svg}, {@code Axis} and {@code Frame} draw; the {@code *Plot} classes are the
 * pictures, the {@code *Section} classes the chapters of the page. An {@code Axis} is one of a
 * picture; what a layer is split along is a {@code SplitAxis}.
 */
package dev.shardmark.results.report;
