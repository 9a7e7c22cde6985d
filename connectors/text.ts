import type { Dataset } from '../policies/dataset.ts'
import { refuse, type Refusal } from '../policies/refusal.ts'

export type Encoding = Dataset['ingest']['encoding']

/** Turns bytes into text as they come, strictly. What it answers may be a refusal, and then nothing may follow. */
export type Decoder = {
  readonly feed: (bytes: Uint8Array) => string | Refusal
  readonly end: () => string | Refusal
}

/** Bytes beyond ASCII after which a file that is UTF-8 throughout is no accident of GB18030. */
const multiByteMin = 64
const lineFeed = 10
/** The byte order mark of UTF-8. */
const utf8Mark = [0xef, 0xbb, 0xbf]

/**
 * Decodes by the WHATWG Encoding Standard, fatal at the first byte that is not of the encoding; the refusal names its
 * line. Text declared GB18030 that begins with the mark of UTF-8, or is that throughout, is refused: nearly all of it would decode, into other characters.
 */
export const textDecoder = (encoding: Encoding): Decoder => {
  const decoder = new TextDecoder(encoding, { fatal: true, ignoreBOM: true })
  const lines = lineFinder(encoding)
  const rival = encoding === 'utf-8' ? undefined : utf8Watch()
  let isFirst = true
  const decode = (bytes: Uint8Array, isLast: boolean): string | Refusal => {
    const isMarked = isFirst && utf8Mark.every((byte, at) => bytes[at] === byte)
    isFirst = false
    if (rival !== undefined && isMarked) return refuse('source/is-utf8')
    try {
      const text = decoder.decode(bytes, { stream: !isLast })
      rival?.feed(bytes)
      if (isLast && rival?.isUtf8() === true) return refuse('source/is-utf8')
      lines.pass(bytes)
      return text
    } catch {
      const code = encoding === 'utf-8' ? 'source/not-utf8' : 'source/not-gb18030'
      return refuse(code, { line: lines.find(bytes) })
    }
  }
  return { feed: (bytes) => decode(bytes, false), end: () => decode(new Uint8Array(), true) }
}

/** Keeps what came after the last line feed, so that a wrong byte is told by its line, counted from 1. */
const lineFinder = (
  encoding: Encoding,
): {
  readonly pass: (bytes: Uint8Array) => void
  readonly find: (bytes: Uint8Array) => number
} => {
  let line = 1
  let tail = Buffer.alloc(0)
  return {
    pass: (bytes) => {
      for (let at = bytes.indexOf(lineFeed); at >= 0; at = bytes.indexOf(lineFeed, at + 1))
        line += 1
      const last = bytes.lastIndexOf(lineFeed)
      tail =
        last < 0
          ? Buffer.concat([tail, bytes]).subarray(-tailBytesMax)
          : Buffer.from(bytes.subarray(last + 1))
    },
    find: (bytes) => {
      const all = Buffer.concat([tail, bytes])
      const decoder = new TextDecoder(encoding, { fatal: true })
      for (let from = 0, at = line; ; at += 1) {
        const end = all.indexOf(lineFeed, from)
        try {
          decoder.decode(all.subarray(from, end < 0 ? all.length : end))
        } catch {
          return at
        }
        if (end < 0) return at
        from = end + 1
      }
    },
  }
}
const tailBytesMax = 1 << 20

/** Whether bytes are UTF-8 throughout, and not ASCII alone. */
const utf8Watch = (): {
  readonly feed: (bytes: Uint8Array) => void
  readonly isUtf8: () => boolean
} => {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
  let multiByte = 0
  let isOver = false
  const decode = (bytes: Uint8Array, isLast: boolean): void => {
    if (isOver) return
    try {
      const { length } = decoder.decode(bytes, { stream: !isLast })
      // A character beyond ASCII has more bytes than units of UTF-16; a cut one is counted with the next block.
      multiByte += Math.max(0, bytes.length - length)
    } catch {
      isOver = true
    }
  }
  return {
    feed: (bytes) => decode(bytes, false),
    isUtf8: () => {
      decode(new Uint8Array(), true)
      return !isOver && multiByte >= multiByteMin
    },
  }
}
