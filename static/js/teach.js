// What only pages of those who teach need. It comes before main.js, since dates that are written in
// the browser's zone there are told of by what is started here.

import * as dropFiles from "./drop-files.js";
import * as findQuestion from "./find-question.js";
import * as livePreview from "./live-preview.js";
import * as outlook from "./outlook.js";
import * as reviewMatrix from "./review-matrix.js";

for (const behaviour of [findQuestion, outlook, reviewMatrix, dropFiles, livePreview]) {
  behaviour.start(document);
}
