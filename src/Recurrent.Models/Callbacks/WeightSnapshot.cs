using Recurrent.Models;
using Recurrent.Parameters;

namespace Recurrent.Callbacks;

/// <summary>A copy of all weights of a model, to go back to. Taking it again reuses its room.</summary>
internal sealed class WeightSnapshot
{
    private readonly (Parameter Parameter, Real[] Values)[] copies;

    public WeightSnapshot(Model model) =>
        copies = [.. model.AllParameters.Select(parameter => (parameter, new Real[parameter.Values.Length]))];

    public void Take()
    {
        foreach ((Parameter parameter, Real[] values) in copies)
        {
            parameter.Values.CopyTo(values);
        }
    }

    public void Restore()
    {
        foreach ((Parameter parameter, Real[] values) in copies)
        {
            values.CopyTo(parameter.Values);
            parameter.MarkChanged();
        }
    }
}
