/** A page is 750 rpx wide. */
const RPX_PER_VW = 7.5;

/** Replaces `20rpx` with what a browser understands: a part of the page's width. */
export function replaceRpx(text: string): string {
  return text.replace(/(-?(?:\d+\.?\d*|\.\d+))rpx\b/gi, (_, number: string) => {
    return `${Number((Number(number) / RPX_PER_VW).toFixed(5))}vw`;
  });
}
