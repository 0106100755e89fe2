// @ts-check
// The order of the questions from the room. While somebody reads or votes, none moves under their thumb.

/**
 * The numbers of the listed questions: those that are shown stay in their order, and the others follow in the order of
 * the list.
 * @param {number[]} shown
 * @param {{ number: number }[]} listed
 */
export function keepOrder(shown, listed) {
  const numbers = listed.map(({ number }) => number)
  const kept = shown.filter((number) => numbers.includes(number))
  return [...kept, ...numbers.filter((number) => !kept.includes(number))]
}

/**
 * A question after a vote, or after its vote was taken back, before the server confirms it.
 * @param {Phone.RoomQuestion} question
 * @param {boolean} voted whether the participant had voted
 * @returns {Phone.RoomQuestion}
 */
export const withVote = (question, voted) => ({ ...question, votes: Math.max(question.votes + (voted ? -1 : 1), 0) })

/**
 * The label of the vote button for screen readers.
 * @param {Phone.RoomQuestion} question
 */
export const voteWords = ({ text, votes }) => `Vote for: ${text} (${votes} ${votes === 1 ? "vote" : "votes"})`
