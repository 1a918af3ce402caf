import type { JSX } from "preact";
import { useRef, useState } from "preact/hooks";

import { toSquare } from "../browser/to-square.ts";
import { Face } from "./face.tsx";
import type { PageProps } from "./props.ts";

/** Props of {@link PictureField}. */
export interface PictureFieldProps extends PageProps {
  readonly name: string;
  readonly picture: string | null;
  readonly shape: "round" | "square";
  /** Takes the id of the uploaded file. */
  readonly onPick: (fileId: string | null) => Promise<boolean>;
}

/** A picture of a person or a group that can be changed. */
export function PictureField({ page, name, picture, shape, onPick }: PictureFieldProps): JSX.Element {
  const words = page.words.value;
  const input = useRef<HTMLInputElement>(null);
  const [isBusy, setBusy] = useState(false);
  const upload = async (file: File | undefined): Promise<void> => {
    if (file === undefined) return;
    setBusy(true);
    await page.attempt(async () => {
      const { id } = await page.uploadPicture(await toSquare(file), "picture.jpg");
      await onPick(id);
    });
    setBusy(false);
  };
  return (
    <div class="picture-field">
      <Face name={name} picture={picture} shape={shape} size="large" />
      <button type="button" class="button small" disabled={isBusy} onClick={() => input.current?.click()}>
        {isBusy ? words.uploading : words.changePicture}
      </button>
      {picture !== null && (
        <button type="button" class="text-button" onClick={() => void onPick(null)}>
          {words.removePicture}
        </button>
      )}
      <input
        ref={input}
        type="file"
        accept="image/*"
        hidden
        onChange={(event) => {
          void upload(event.currentTarget.files?.[0]);
          event.currentTarget.value = "";
        }}
      />
    </div>
  );
}
