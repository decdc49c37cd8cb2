namespace StratusLab.Kvm;

/// <summary>A volume that says: the base volume was complete and verified.</summary>
/// <param name="Volume">Its name.</param>
/// <param name="Names">The generation that it is about.</param>
/// <param name="Stamp">What the base volume was like then; null in a mark of an earlier version, which does not tell.</param>
internal readonly record struct ImageMark(string Volume, ImageNames Names, ImageStamp? Stamp);
