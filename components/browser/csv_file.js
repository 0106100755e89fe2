// @ts-check
// Opens a CSV file of the visitor's own. The server reads it, and says what is wrong with it.
import { fileDrop } from "./file_drop.js"
import { pack } from "./packed.js"

export const csvFile = fileDrop({
  accept: ".csv,text/csv",
  read: (file) =>
    pack(file, {
      empty: "There is nothing in the file.",
      large: "The file has more than 1,000,000 bytes, the most that is read. Leave out rows or columns.",
      noise: "This is not a CSV file of numbers.",
    }),
  value: "packed",
  sent: "The file is sent.",
})
