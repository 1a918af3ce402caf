import { readFile, writeFile } from "node:fs/promises";
import sharp, { type Metadata, type Sharp } from "sharp";
import { ChatError } from "../api/chat-error.ts";
import { plainGif } from "./plain-gif.ts";
import { Turns } from "./turns.ts";

// Pictures are coded again before anybody sees them: what a camera wrote into them, the place above all, stays behind, and so
// does everything that only looks like a picture. JPEG and WebP lose a little, PNG nothing. To code a GIF again takes
// seconds: its frames are copied as they are, and its header and first frame are checked.

// Files come and go under names of their own: a cache would only keep removed ones open.
sharp.cache(false);

const THUMBNAIL_PIXELS = 480;
const AVATAR_PIXELS = 256;
const QUALITY = 90;
const THUMBNAIL_QUALITY = 78;
/** Pictures that are worked on at once, and that wait. */
const AT_ONCE = 2;
const MAX_WAITING = 64;

/** Limits for pictures, as in `FileOptions`. */
export interface PictureLimits {
  readonly maxPixels: number;
  readonly maxFrames: number;
  readonly pictureSeconds: number;
}

/** A picture file that is ready to be stored. */
export interface Picture {
  readonly path: string;
  readonly size: number;
  readonly mime: string;
  readonly width: number;
  readonly height: number;
}

/** What a picture is made from, and into. */
export interface PictureSource {
  readonly path: string;
  /** What its first bytes say. */
  readonly mime: string;
}

/** A picture as it is kept, and the small one beside it; `undefined` for a profile, which is small enough. */
export interface PreparedPicture {
  readonly content: Picture;
  readonly thumbnail: Picture | undefined;
}

/** Checks pictures and codes them again. New files lie beside the source and belong to the caller, also after a failure. */
export class Pictures {
  readonly #limits: PictureLimits;
  readonly #turns = new Turns(AT_ONCE, MAX_WAITING);

  constructor(limits: PictureLimits) {
    this.#limits = limits;
  }

  /**
   * Makes the picture of a message and its thumbnail.
   *
   * @throws {ChatError} `too_large` for too many pixels or frames, `type_not_allowed` for what is no whole picture,
   * `storage_full`.
   */
  forMessage(source: PictureSource): Promise<PreparedPicture> {
    return this.#work(source, async (metadata) => {
      const { path } = source;
      const isMoving = (metadata.pages ?? 1) > 1;
      const small = this.#open(path)
        .autoOrient()
        .resize(THUMBNAIL_PIXELS, THUMBNAIL_PIXELS, { fit: "inside", withoutEnlargement: true })
        .webp({ quality: THUMBNAIL_QUALITY });
      // First, because it reads the picture with less work than the other.
      const thumbnail = await write(small, `${path}.thumbnail`, "image/webp");
      if (source.mime === "image/gif") return { content: await this.#copyGif(source), thumbnail };
      const whole = isMoving ? this.#open(path, { animated: true }) : this.#open(path).autoOrient();
      const content = await write(recoded(whole, source.mime), `${path}.picture`, source.mime);
      // A moving picture is a column of frames to the coder.
      return { content: isMoving ? { ...content, height: metadata.height } : content, thumbnail };
    });
  }

  /**
   * Makes a square picture of a profile.
   *
   * @throws {ChatError} `too_large` for too many pixels or frames, `type_not_allowed` for what is no whole picture,
   * `storage_full`.
   */
  forProfile(source: PictureSource): Promise<PreparedPicture> {
    return this.#work(source, async () => {
      const square = this.#open(source.path)
        .autoOrient()
        .resize(AVATAR_PIXELS, AVATAR_PIXELS, { fit: "cover" })
        .webp({ quality: THUMBNAIL_QUALITY });
      return { content: await write(square, `${source.path}.picture`, "image/webp"), thumbnail: undefined };
    });
  }

  #work(source: PictureSource, work: (metadata: Metadata) => Promise<PreparedPicture>): Promise<PreparedPicture> {
    return this.#turns.take(async () => {
      try {
        return await work(await this.#check(source));
      } catch (cause) {
        if (cause instanceof ChatError) throw cause;
        // The library tells a full disk in words only.
        if (/no space left|quota exceeded/i.test(String(cause))) throw new ChatError("storage_full", { cause });
        throw new ChatError("type_not_allowed", { message: "The file is no picture that can be read", cause });
      }
    });
  }

  async #copyGif({ path, mime }: PictureSource): Promise<Picture> {
    const gif = plainGif(await readFile(path));
    if (gif === undefined) throw new ChatError("type_not_allowed", { message: "The picture is cut off" });
    const { bytes, width, height, frames } = gif;
    const { maxPixels, maxFrames } = this.#limits;
    if (width * height > maxPixels || frames > maxFrames) throw tooLarge();
    await writeFile(`${path}.picture`, bytes, { mode: 0o600 });
    return { path: `${path}.picture`, size: bytes.length, mime, width, height };
  }

  /** Reads the header only: what is too large is never unpacked. */
  async #check({ path, mime }: PictureSource): Promise<Metadata> {
    const { maxPixels, maxFrames } = this.#limits;
    const metadata = await sharp(path, { limitInputPixels: false }).metadata();
    const { width, height, format, pages = 1 } = metadata;
    if (`image/${format}` !== mime) throw new ChatError("type_not_allowed");
    const codedPixels = width * height * (mime === "image/gif" ? 1 : pages);
    if (codedPixels > maxPixels || pages > maxFrames) throw tooLarge();
    return metadata;
  }

  #open(path: string, { animated = false }: { readonly animated?: boolean } = {}): Sharp {
    const { maxPixels, pictureSeconds } = this.#limits;
    return sharp(path, { limitInputPixels: maxPixels, failOn: "error", animated }).timeout({ seconds: pictureSeconds });
  }
}

function tooLarge(): ChatError {
  return new ChatError("too_large", { message: "The picture has too many pixels or frames" });
}

function recoded(picture: Sharp, mime: string): Sharp {
  if (mime === "image/jpeg") return picture.jpeg({ quality: QUALITY });
  return mime === "image/png" ? picture.png() : picture.webp({ quality: QUALITY, effort: 2 });
}

async function write(picture: Sharp, path: string, mime: string): Promise<Picture> {
  const { width, height, size } = await picture.toFile(path);
  return { path, size, mime, width, height };
}
