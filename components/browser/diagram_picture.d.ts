// The data of a diagram from Python (`components/diagram/picture.py` and `weights.py`).

export interface Group {
  name: string
  kind: string
  column: number
  x: number
  y: number
  step: number
  count: number
  head: number | null
  source: number | null
  title: string
  numbered: boolean
  findings: string[]
}

export interface Head {
  title: string
  hue: string
  layer: string
}

export interface Column {
  title: string
  notes: string[]
}

export interface Style {
  title: string
  layers: string
  box: string
  kernel: string
  alt: string
}

export interface Morph {
  side: number | null
  before: string
  after: string
  layers: string
  kernel: string
}

export interface Colours {
  neutral: string
  negative: string
  positive: string
}

export interface Picture {
  groups: Group[]
  heads: Head[]
  columns: Column[]
  sides: Style[]
  finding: string
  morph: Morph
  legend: string
  colours: Colours
  timed: boolean
  simple: boolean
}

export interface Frames {
  epochs: number[]
  scale: number
  halves: number
  left: string[]
  right: string[]
  legend: string
}

export interface Data {
  picture: Picture
  frames?: Frames
  run?: string | null
  live?: boolean
  neuron: string
  unit: "epoch" | "step"
  play: boolean
  file: string
}

/** An edge of one side. `at` is its place among the weights of a frame, and `source` and `target` are groups. */
export interface Edge {
  node: SVGPathElement
  source: number
  target: number
  i: number
  j: number
  at: number
  head: number | null
  lstm: boolean
}
