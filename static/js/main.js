import * as chooseByKey from "./choose-by-key.js";
import * as elapsed from "./elapsed.js";
import * as localTime from "./local-time.js";
import * as readingTools from "./reading-tools.js";
import * as submitInPlace from "./submit-in-place.js";

for (const behaviour of [readingTools, localTime, elapsed, chooseByKey, submitInPlace]) {
  behaviour.start(document);
}
