// The data of the compass from Python (`components/lab/picture.py`), and of its pictures.

export interface Head {
  name: string
  colour: string
}

/** The step of a method: its tip `at` ([x, y], with a third head [x, y, z]), and whether it is too short to draw. */
export interface Step {
  key: string
  title: string
  colour: string
  dash: string
  at: number[]
  still: boolean
}

export interface Slider {
  key: string
  label: string
  help: string
  low: number
  high: number
  log: boolean
}

export interface Data {
  turn: number
  third: boolean
  values: Record<string, string>
  heads: Head[]
  gradients: number[][]
  steps: Step[]
  sliders: Slider[]
  answer: string
  sentences: [text: string, kind: string][][]
  notes: string[]
  label: string
  hint: string
}

export interface Shown extends Data {
  angle: number
  ratio: number
  /** The ratio as text, with three significant digits. */
  length: string
  width: number
  height: number
  family: string
}

/** A picture of arrows. */
export interface Picture {
  show(next: Shown): void
  leave(): void
}

/** A text at the tip of an arrow, and the direction away from the origin. Labels of methods with one tip become one. */
export interface Label {
  words: string
  x: number
  y: number
  dx: number
  dy: number
  method?: boolean
}
