// The data of a diagram from Python (`components/diagram/picture.py`, `morph.py` and `weights.py`).

export interface Group {
  name: string
  kind: string
  column: number
  x: number
  y: number
  step: number
  count: number
  more: number
  head: number | null
  title: string
  numbered: boolean
  about: string[]
  layers: string[]
}

export interface Head {
  title: string
  hue: string
  layer: string
  output: number
  first: number
}

export interface Column {
  kind: string
  count: string
  notes: [long: string, short: string][]
}

export interface Style {
  title: string
  layers: string
  fused: boolean
  box: string
  kernel: string
  alt: string
}

export interface Morph {
  side: number | null
  apart: string
  together: string
  before: string
  still: string
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
  blocks: [source: number, target: number][]
  heads: Head[]
  columns: Column[]
  shared: number
  sides: Style[]
  drawn: string
  more_heads: string
  finding: string
  focusable: string[]
  findings: string[]
  morph: Morph
  legend: string[]
  colours: Colours
  timed: boolean
}

export interface Frames {
  epochs: number[]
  scale: number
  halves: number
  left: string[]
  right: string[]
  legend: string[]
}

export interface Data {
  picture: Picture
  frames?: Frames
  run?: string | null
  live?: boolean
  neuron: string
  turn: number
  epoch: number | null
  unit: "epoch" | "step"
  play: boolean
  format: "svg" | "png"
  file: string
}

/** A highlighted neuron, or the part of the diagram that a term of a formula stands for. */
export type Focus = { group: number; index: number; part?: undefined } | { part: string }
