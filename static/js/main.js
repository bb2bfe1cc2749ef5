import * as autosave from "./autosave.js";
import * as chooseByKey from "./choose-by-key.js";
import * as copy from "./copy.js";
import * as countdown from "./countdown.js";
import * as elapsed from "./elapsed.js";
import * as flashcards from "./flashcards.js";
import * as localTime from "./local-time.js";
import * as offline from "./offline.js";
import * as print from "./print.js";
import * as readNotes from "./read-notes.js";
import * as readingTools from "./reading-tools.js";
import * as sprint from "./sprint.js";
import * as submitInPlace from "./submit-in-place.js";
import * as testHere from "./test-here.js";
import * as timeZone from "./time-zone.js";

for (const behaviour of [
  readingTools, localTime, elapsed, chooseByKey, submitInPlace, copy, print, offline, timeZone,
  autosave, countdown, readNotes, testHere, sprint, flashcards,
]) {
  behaviour.start(document);
}
