// The types of what a renderer gets from Streamlit, and those that modules share. Each renderer describes its own data.

/** The place of a component: a root of its own, or an element of the page in tests. */
type Place = HTMLElement | ShadowRoot

/** A component as a renderer gets it. Streamlit calls the renderer again whenever `data` changed. */
interface Component<Data> {
  data: Data
  parentElement: Place
  setStateValue(name: string, value: unknown): void
  setTriggerValue(name: string, value: unknown): void
}

/** Draws a component, or updates what it drew before. May return a function that cleans up. */
type Renderer<Data> = (component: Component<Data>) => (() => void) | undefined

/** What a renderer keeps for each place of its component. */
interface View<Data> {
  update(component: Component<Data>): void
  leave(): void
}

/** Attributes of an element; null and undefined remove one. */
type Attributes = Record<string, string | number | boolean | null | undefined>

type Point = [x: number, y: number]

/**
 * The frames before and after an epoch, by index, how far it is from the one to the other (0 to 1), and the frame to
 * which numbers and words belong.
 */
interface Moment {
  from: number
  to: number
  share: number
  shown: number
}

interface Window {
  twoHeads: { render(name: string, component: Component<unknown>): (() => void) | undefined }
}
