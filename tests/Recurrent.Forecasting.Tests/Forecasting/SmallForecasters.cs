using Recurrent.Forecasting;
using Recurrent.Registration;

namespace Recurrent.Tests.Forecasting;

/// <summary>Methods of the registry with the least that they can be.</summary>
internal static class SmallForecasters
{
    /// <summary>Behind a name: the method works on logarithms.</summary>
    internal const string OfLogarithms = " of logarithms";

    /// <summary>The method, as quick as it can be.</summary>
    internal static Forecaster Create(string name)
    {
        var config = new Config();
        bool log = name.EndsWith(OfLogarithms, StringComparison.Ordinal);
        name = log ? name[..^OfLogarithms.Length] : name;
        foreach ((string key, object? _) in Forecasters.Registry.Create(name).GetConfig())
        {
            object? value = key switch
            {
                "epochs" => 1,
                "units" => 4,
                "horizon" => 6,
                "lookback" => 12,
                "networks" => false,
                "members" when name is not "Ensemble" => 1,
                "windows_per_epoch" => 64,
                "transform" when log => "log",
                _ => null,
            };
            if (value is not null)
            {
                config.Add(key, value);
            }
        }

        return Forecasters.Registry.Create(new ComponentConfig(name, config));
    }
}
