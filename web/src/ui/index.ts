// The one door to the look: the State's stylesheet and our own sheets, in this order.
import "@codegouvfr/react-dsfr/dsfr/core/core.main.min.css";
import "@codegouvfr/react-dsfr/dsfr/scheme/scheme.min.css";
import "@codegouvfr/react-dsfr/dsfr/component/form/form.main.min.css";
import "@codegouvfr/react-dsfr/dsfr/component/button/button.main.min.css";
import "@codegouvfr/react-dsfr/dsfr/component/input/input.main.min.css";
import "./styles/foundations.css";
import "./styles/shell.css";
import "./styles/parts.css";
import "./styles/page.css";

export { Avatar } from "./Avatar.tsx";
export { Badge } from "./Badge.tsx";
export { Brand } from "./Brand.tsx";
export { Button, IconButton } from "./Button.tsx";
export { ChoiceGroup } from "./ChoiceGroup.tsx";
export { CopyText } from "./CopyText.tsx";
export { Dialog } from "./Dialog.tsx";
export { Icon, TileIcon } from "./Icon.tsx";
export type { IconName } from "./icons/names.ts";
export { Placeholder } from "./Placeholder.tsx";
export { Popover } from "./Popover.tsx";
export { SearchField } from "./SearchField.tsx";
export { Bar, TileShape } from "./Skeleton.tsx";
