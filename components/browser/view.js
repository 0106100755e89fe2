// @ts-check

/**
 * A renderer that keeps a view for each place: it creates the view, passes each component to it, and calls `leave`.
 * @template Data
 * @param {(component: Component<Data>) => View<Data>} create
 * @returns {Renderer<Data>}
 */
export function rendererOf(create) {
  /** @type {WeakMap<Place, View<Data>>} */
  const views = new WeakMap()
  return (component) => {
    const { parentElement } = component
    const view = views.get(parentElement) ?? create(component)
    views.set(parentElement, view)
    view.update(component)
    return () => {
      view.leave()
      views.delete(parentElement)
    }
  }
}
