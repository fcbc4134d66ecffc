import java.io.File;
import java.util.Map;
import java.util.TreeMap;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.PDFAParser;
import org.verapdf.pdfa.PDFAValidator;
import org.verapdf.pdfa.flavours.PDFAFlavour;
import org.verapdf.pdfa.results.TestAssertion;
import org.verapdf.pdfa.results.ValidationResult;

/** Does each file meet its flavour? Arguments: flavour file flavour file …, e.g. `2b paper.pdf`. */
public class VeraCheck {
  public static void main(String[] arguments) throws Exception {
    VeraGreenfieldFoundryProvider.initialise();
    int status = 0;
    for (int i = 0; i + 1 < arguments.length; i += 2) {
      PDFAFlavour flavour = PDFAFlavour.fromString(arguments[i]);
      try (PDFAParser parser = Foundries.defaultInstance().createParser(new File(arguments[i + 1]), flavour);
          PDFAValidator validator = Foundries.defaultInstance().createValidator(flavour, false)) {
        ValidationResult result = validator.validate(parser);
        System.out.println((result.isCompliant() ? "PASS " : "FAIL ") + flavour.getId() + " " + arguments[i + 1]);
        Map<String, String> faults = new TreeMap<>();
        for (TestAssertion one : result.getTestAssertions())
          if (one.getStatus() == TestAssertion.Status.FAILED)
            faults.putIfAbsent(
                one.getRuleId().getClause() + "-" + one.getRuleId().getTestNumber(),
                one.getMessage() + " @ " + one.getLocation().getContext());
        faults.forEach((rule, message) -> System.out.println("  " + rule + ": " + message));
        if (!result.isCompliant()) status = 1;
      }
    }
    System.exit(status);
  }
}
