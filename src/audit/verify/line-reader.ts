const NEWLINE = 10;

/** Cuts a stream of bytes into lines, without their line breaks. A line may be changed by whoever gets it. */
export async function* linesOf(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer[]> {
  let rest: Buffer | undefined;
  for await (const chunk of chunks) {
    const bytes = rest ? Buffer.concat([rest, chunk]) : chunk;
    const lines: Buffer[] = [];
    let from = 0;
    for (let end = bytes.indexOf(NEWLINE, from); end !== -1; end = bytes.indexOf(NEWLINE, from)) {
      if (end > from) lines.push(bytes.subarray(from, end));
      from = end + 1;
    }
    rest = from < bytes.length ? bytes.subarray(from) : undefined;
    if (lines.length > 0) yield lines;
  }
  if (rest) yield [rest];
}
