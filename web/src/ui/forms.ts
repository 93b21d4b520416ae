// The second door to the look: fields, tables and other dense parts with their own sheets. Apart
// from index.ts so that the first page does not carry them: the chunks of tools import both.
// The switch is drawn there.
import "./styles/settings.css";
import "./styles/forms.css";
import "./styles/dense.css";

export { ActButton } from "./dense/ActButton.tsx";
export { Breadcrumb } from "./dense/Breadcrumb.tsx";
export { CopyLine } from "./dense/CopyLine.tsx";
export { type Column, DataTable, Pager } from "./dense/DataTable.tsx";
export { ConfirmDialog, FirmDialog } from "./dense/dialogs.tsx";
export { FailureNote, Notice } from "./dense/Notice.tsx";
export { Progress } from "./dense/Progress.tsx";
export { Segmented } from "./dense/Segmented.tsx";
export { Steps } from "./dense/Steps.tsx";
export { Totals } from "./dense/Totals.tsx";
export { Combobox, type Option } from "./form/Combobox.tsx";
export { TickGroup } from "./form/TickGroup.tsx";
export { FileDrop } from "./form/FileDrop.tsx";
export { IconGrid } from "./form/IconGrid.tsx";
export { PresetGroup } from "./form/PresetGroup.tsx";
export { SelectField } from "./form/SelectField.tsx";
export { TextArea, TextField } from "./form/TextField.tsx";
export { TokenField } from "./form/TokenField.tsx";
