import type { JSX } from "preact";
import { useState } from "preact/hooks";

import { hueOf, letterOf } from "../../state/identity.ts";

/** Props of {@link Face}. */
export interface FaceProps {
  readonly name: string;
  /** Id of a file; `null` shows the first letter of the name. */
  readonly picture: string | null;
  /** Groups and rooms are square, people are round. */
  readonly shape?: "round" | "square";
  readonly size?: "small" | "medium" | "large";
  readonly isOnline?: boolean | undefined;
}

/** The picture of a person or a group. The name stands beside it, so screen readers skip it. */
export function Face({ name, picture, shape = "round", size = "medium", isOnline }: FaceProps): JSX.Element {
  const [failed, setFailed] = useState<string | null>(null);
  return (
    <span class="face" data-shape={shape} data-size={size} style={{ "--hue": String(hueOf(name)) }} aria-hidden="true">
      {picture === null || picture === failed ? (
        letterOf(name)
      ) : (
        <img src={`/api/files/${picture}`} alt="" loading="lazy" onError={() => setFailed(picture)} />
      )}
      {isOnline !== undefined && <i class="face-dot" data-online={isOnline} />}
    </span>
  );
}
