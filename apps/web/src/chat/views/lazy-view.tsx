import { type ComponentType, h, type JSX } from "preact";
import { useEffect, useState } from "preact/hooks";

/** A view whose code is loaded when it is first shown; empty until then, and after a failure until the next showing. */
export function lazyView<TProps extends object>(load: () => Promise<ComponentType<TProps>>): ComponentType<TProps> {
  let loaded: ComponentType<TProps> | undefined;
  return function LazyView(props: TProps): JSX.Element | null {
    const [view, setView] = useState<{ readonly component: ComponentType<TProps> } | undefined>(
      loaded && { component: loaded },
    );
    useEffect(() => {
      if (view !== undefined) return;
      load().then(
        (component) => {
          loaded = component;
          setView({ component });
        },
        // Offline: the banner says so, and the next showing tries again.
        () => undefined,
      );
    }, []);
    return view === undefined ? null : h(view.component, props);
  };
}
