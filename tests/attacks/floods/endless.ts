/** A request with a body of a gigabyte, a megabyte at a time. */
export const endless = (): Request => {
  let left = 1024
  const body = new ReadableStream<Uint8Array>({
    pull: (controller) => {
      left -= 1
      controller.enqueue(new Uint8Array(2 ** 20).fill(left === 1023 ? 91 : 32))
      if (left === 0) controller.close()
    },
  })
  const headers = { 'content-type': 'application/json' }
  return new Request('http://localhost/', { method: 'POST', headers, body, duplex: 'half' })
}
