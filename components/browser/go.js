// @ts-check
// Leads to a page that is not of Streamlit.

/** @type {Renderer<{ address: string }>} */
export const go = ({ data }) => {
  location.assign(data.address)
  return undefined
}
