// The data of the compass from Python (`components/lab/picture.py`).

export interface Head {
  name: string
  colour: string
}

/** The step of a method: its tip `at` in the plane of A and B, and whether it is too short to draw. */
export interface Step {
  key: string
  title: string
  colour: string
  dash: string
  at: Point
  still: boolean
}

/** `third` is the tip of a third head in the plane of A and B; `largest` is the largest ratio of two lengths. */
export interface Data {
  turn: number
  values: { angle: number; ratio: number }
  largest: number
  heads: Head[]
  third: Point | null
  steps: Step[]
  answer: string
  sentences: [text: string, kind: string][][]
  notes: string[]
  label: string
  hint: string
}
