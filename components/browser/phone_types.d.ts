// What the server sends to a phone (`backend/rooms/phone.py`), and the `Answer` that a phone keeps and sends.
declare namespace Phone {
  interface Page {
    version: number
    code: string
    asked: number
    title: string
    status: string
    question: { step: number; round: number; seconds: number; since: number } | null
    html: string[]
  }
  interface Own {
    number: number
    alias: string
    pace: "standard" | "10" | "none"
    answers: Record<number, (number | null)[]>
    sure: Record<number, string>
  }
  interface Message {
    own: Own
    page: Page
  }
  /** What the server sends to a board (`components/phone/board.py`). */
  interface Board {
    html: string
    status: string
    more: string[]
    clock: [left: number, begun: string] | null
  }
  interface Answer {
    step: number
    round: number
    asked: number
    option: number
    value: number | null
    sure: string
  }
}
