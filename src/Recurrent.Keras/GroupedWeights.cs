using System.Globalization;
using Recurrent.Models;
using Recurrent.Optimizers;
using Recurrent.Parameters;
using Recurrent.Serialization;

namespace Recurrent.Keras;

/// <summary>The layout of Keras 3, in <c>.weights.h5</c> and in <c>.keras</c>: variables by number in groups of layers.</summary>
internal sealed class GroupedWeights(Hdf5 hdf5) : KerasWeights
{
    private const string State = "optimizer/vars";
    private const int MostVariables = 1_000_000;

    /// <inheritdoc/>
    protected override IEnumerable<(Parameter Parameter, float[] Values)> Read(Model model)
    {
        foreach (WeightGroup group in WeightGroup.Of(model))
        {
            for (int i = 0; i < group.Parameters.Count; i++)
            {
                yield return (group.Parameters[i], hdf5.Array(Variable(group.Vars, i), group.Parameters[i].Shape));
            }

            string next = Variable(group.Vars, group.Parameters.Count);
            if (hdf5.Has(next))
            {
                throw new ModelFormatException(next, string.Create(CultureInfo.InvariantCulture,
                    $"'{group.Name}' has {group.Parameters.Count} parameters here, and the file has more for it."));
            }
        }
    }

    /// <inheritdoc/>
    protected override (string? Iterations, IReadOnlyList<string> Arrays)? OptimizerState(
        Optimizer optimizer, IReadOnlyList<(Slot Slot, Parameter Parameter)> slots)
    {
        var variables = new List<string>();
        while (variables.Count < MostVariables && hdf5.Has(Variable(State, variables.Count)))
        {
            variables.Add(Variable(State, variables.Count));
        }

        return variables.Count == 0 ? null : Newer(optimizer, variables);
    }

    /// <inheritdoc/>
    protected override long Iterations(string path) => hdf5.Whole(path);

    /// <inheritdoc/>
    protected override float[] Slot(string path, IReadOnlyList<int> shape) => hdf5.Array(path, shape);

    private static string Variable(string group, int number) =>
        string.Create(CultureInfo.InvariantCulture, $"{group}/{number}");
}
