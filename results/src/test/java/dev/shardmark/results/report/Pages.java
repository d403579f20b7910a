package dev.shardmark.results.report;

import dev.shardmark.results.format.Run;
import java.io.StringReader;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

/** Reads pages back. */
final class Pages {
  private Pages() {}

  /** The page as XML; style and script are not markup, and HTML gives them no escapes. */
  static Document parse(String html) throws Exception {
    String markup =
        Pattern.compile("(<style>|<script>).*?(</style>|</script>)", Pattern.DOTALL)
            .matcher(html.replace("<!DOCTYPE html>", ""))
            .replaceAll("$1$2");
    DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
    factory.setAttribute("jdk.xml.maxGeneralEntitySizeLimit", "0");
    factory.setAttribute("jdk.xml.totalEntitySizeLimit", "0");
    return factory.newDocumentBuilder().parse(new InputSource(new StringReader(markup)));
  }

  /** One chapter of the page of a run. */
  static Element section(Run run, String id) throws Exception {
    return elements(parse(new Report(run).html()).getDocumentElement()).stream()
        .filter(e -> e.getTagName().equals("section") && e.getAttribute("id").equals(id))
        .findFirst()
        .orElseThrow();
  }

  static Element withClass(Document page, String css) {
    return withClass(page.getDocumentElement(), css).getFirst();
  }

  static List<Element> withClass(Element in, String css) {
    return elements(in).stream().filter(e -> e.getAttribute("class").equals(css)).toList();
  }

  static List<Element> elements(Element in) {
    return elements(in, "*");
  }

  static List<Element> elements(Element in, String tag) {
    NodeList all = in.getElementsByTagName(tag);
    return IntStream.range(0, all.getLength()).mapToObj(i -> (Element) all.item(i)).toList();
  }
}
