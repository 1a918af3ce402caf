/** A page is 750 rpx wide. */
const RPX_PER_VW = 7.5;

/** Texts and addresses, or a length; one that is part of a name, as in `var(--gap-20rpx)`, is none. */
const LENGTH = /("[^"\n]*"|'[^'\n]*'|url\([^)\n]*\))|(?<![\w-])([-+]?(?:\d+\.?\d*|\.\d+))rpx\b/gi;

/** Replaces `20rpx` with what a browser understands: a part of the page's width. */
export function replaceRpx(text: string): string {
  return text.replace(
    LENGTH,
    (_, kept: string | undefined, number: string) => kept ?? `${Number((Number(number) / RPX_PER_VW).toFixed(5))}vw`,
  );
}
