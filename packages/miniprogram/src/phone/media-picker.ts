import { isRecord, numberOf, textOf } from "../is-record.ts";
import { make } from "./dom.ts";
import { Cancelled } from "./overlays.ts";

/** Hands a file to the runner, and gives the path that the mini-program uses. */
export type Upload = (file: Blob) => Promise<string>;

type Arguments = Readonly<Record<string, unknown>>;

/** A file that the runner holds now. */
interface TakenFile {
  readonly path: string;
  readonly file: File;
}

/** Lets the user choose files of the computer, in the place of a phone's album and camera. */
export class MediaPicker {
  readonly #upload: Upload;
  readonly #parent: HTMLElement;

  /** `parent` holds the field of the browser while it is open. */
  constructor(upload: Upload, parent: HTMLElement) {
    this.#upload = upload;
    this.#parent = parent;
  }

  /** `wx.chooseImage`. */
  async chooseImage(args: Arguments): Promise<object> {
    const taken = await this.#choose("image/*", numberOf(args["count"], 9));
    return {
      tempFilePaths: taken.map(({ path }) => path),
      tempFiles: taken.map(({ path, file }) => ({ path, size: file.size })),
    };
  }

  /** `wx.chooseMedia`. */
  async chooseMedia(args: Arguments): Promise<object> {
    const types = Array.isArray(args["mediaType"]) ? args["mediaType"].map(String) : ["image", "video"];
    const accept = types.flatMap((type) => (type === "mix" ? ["image/*", "video/*"] : [`${type}/*`])).join(",");
    const taken = await this.#choose(accept, numberOf(args["count"], 9));
    const tempFiles = taken.map(({ path, file }) => ({
      tempFilePath: path,
      size: file.size,
      fileType: file.type.split("/")[0] ?? "image",
    }));
    return { tempFiles, type: tempFiles[0]?.fileType ?? "image" };
  }

  /** `wx.chooseVideo`. */
  async chooseVideo(): Promise<object> {
    const [taken] = await this.#choose("video/*", 1);
    if (taken === undefined) throw new Cancelled();
    return { tempFilePath: taken.path, size: taken.file.size, duration: 0, width: 0, height: 0 };
  }

  /** `wx.chooseMessageFile`. */
  async chooseMessageFile(args: Arguments): Promise<object> {
    const taken = await this.#choose("", numberOf(args["count"], 1));
    return {
      tempFiles: taken.map(({ path, file }) => ({ path, name: file.name, size: file.size, type: "file", time: 0 })),
    };
  }

  /** A picture of the user for `open-type="chooseAvatar"`. */
  async chooseAvatar(): Promise<object> {
    const [taken] = await this.#choose("image/*", 1);
    if (taken === undefined) throw new Cancelled();
    return { avatarUrl: taken.path };
  }

  #choose(accept: string, count: number): Promise<readonly TakenFile[]> {
    const field = make("input", {
      class: "file-field",
      attributes: { type: "file", accept, ...(count > 1 && { multiple: "" }) },
    });
    this.#parent.append(field);
    return new Promise<readonly File[]>((resolve, reject) => {
      field.addEventListener("change", () => resolve([...(field.files ?? [])].slice(0, count)));
      field.addEventListener("cancel", () => reject(new Cancelled()));
      field.click();
    })
      .then((files) => Promise.all(files.map(async (file) => ({ path: await this.#upload(file), file }))))
      .finally(() => field.remove());
  }
}

/** Size and kind of a picture. */
export async function imageInfo(args: unknown, resolve: (address: string) => string): Promise<object> {
  const source = isRecord(args) ? textOf(args["src"]) : "";
  const image = new Image();
  image.src = resolve(source);
  await image.decode();
  const type = source.slice(source.lastIndexOf(".") + 1).toLowerCase();
  return { width: image.naturalWidth, height: image.naturalHeight, path: source, orientation: "up", type };
}
