// @ts-check
// Opens a `.keras` file: the architecture in it is sent, and nothing else leaves the visitor's machine.
import { fileDrop } from "./file_drop.js"
import { configurationOf } from "./keras_file.js"

export const ownFile = fileDrop({
  accept: ".keras,.json",
  read: configurationOf,
  value: "configuration",
  sent: "The architecture is sent.",
})
