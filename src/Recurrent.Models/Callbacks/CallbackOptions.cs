using Recurrent.Registration;

namespace Recurrent.Callbacks;

/// <summary>Options that several callbacks have.</summary>
internal static class CallbackOptions
{
    /// <summary>Requires a name that is not blank.</summary>
    public static OptionCheck Name(this OptionCheck check, string name, string? value) =>
        check.Require(!string.IsNullOrWhiteSpace(value), $"{name} must not be blank", name);

    /// <summary>Requires one of the modes.</summary>
    public static OptionCheck Mode(this OptionCheck check, MonitorMode mode) =>
        check.Require(Enum.IsDefined(mode), FormattableString.Invariant($"mode must be Auto, Min or Max, but is {(int)mode}"),
            "mode");

    /// <summary>Makes the folders of a path that are missing.</summary>
    public static void MakeFolderOf(string path)
    {
        if (Path.GetDirectoryName(path) is { Length: > 0 } folder)
        {
            Directory.CreateDirectory(folder);
        }
    }
}
