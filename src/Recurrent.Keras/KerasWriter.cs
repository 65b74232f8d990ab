using System.Globalization;
using System.Text.RegularExpressions;
using PureHDF;
using Recurrent.Layers;
using Recurrent.Models;
using Recurrent.Optimizers;
using Recurrent.Parameters;
using Recurrent.Serialization;

namespace Recurrent.Keras;

/// <summary>Writes weights in the layout of Keras 3.</summary>
internal static partial class KerasWriter
{
    /// <summary>The HDF5 file of a model's weights.</summary>
    /// <exception cref="InvalidOperationException">The model is not built, or has a layer that Keras has not.</exception>
    public static byte[] Weights(Model model, bool includeOptimizer)
    {
        _ = model.BuiltParameters();
        RequireKeras(model, model);
        var root = new H5File();
        foreach (WeightGroup group in WeightGroup.Of(model))
        {
            H5Group vars = Group(root, group.Vars);
            vars.Attributes["name"] = group.Name;
            for (int i = 0; i < group.Parameters.Count; i++)
            {
                Parameter parameter = group.Parameters[i];
                vars[Number(i)] = Array(parameter.Shape, parameter.Values.ToArray());
            }
        }

        if (includeOptimizer && model.Optimizer is { } optimizer)
        {
            Write(optimizer, Group(root, "optimizer/vars"), model.OptimizerSlots());
        }

        using var stream = new MemoryStream();
        root.Write(stream);
        return stream.ToArray();
    }

    private static void Write(Optimizer optimizer, H5Group vars, IReadOnlyList<(Slot Slot, Parameter Parameter)> slots)
    {
        vars.Attributes["name"] = optimizer.Name;
        int next = 0;
        vars[Number(next++)] = new H5Dataset(checked((int)optimizer.Iterations));
        if (optimizer.Schedule is ConstantRate)
        {
            vars[Number(next++)] = new H5Dataset((float)optimizer.LearningRate);
        }

        foreach ((Slot slot, Parameter parameter) in slots)
        {
            vars[Number(next++)] = Array(slot.Shape ?? parameter.Shape, Scaled(slot));
        }

        if (optimizer is Nadam nadam)
        {
            vars[Number(next)] = new H5Dataset((float)nadam.ProductOfMomenta);
        }
    }

    /// <summary>What Keras has in the place of a slot's numbers.</summary>
    private static float[] Scaled(Slot slot)
    {
        float[] values = slot.KerasScale == 1 ? slot.Values.Values
            : System.Array.ConvertAll(slot.Values.Values, value => value * slot.KerasScale);
        return System.Array.TrueForAll(values, float.IsFinite) ? values : throw new InvalidOperationException(
            "The gradients that wait for an update are so large that their sum, which Keras keeps, is no number. Write the file "
            + "with includeOptimizer: false, or after the update.");
    }

    private static H5Dataset Array(IReadOnlyList<int> shape, float[] values) => shape.Count == 0
        ? new(values[0])
        : new(values, fileDims: [.. shape.Select(axis => (ulong)axis)]);

    private static H5Group Group(H5Group root, string path)
    {
        foreach (string name in path.Split('/'))
        {
            if (!root.TryGetValue(name, out object? group))
            {
                root[name] = group = new H5Group();
            }

            root = (H5Group)group;
        }

        return root;
    }

    /// <summary>Refuses what an optimizer is told and Keras's files have no words for: Keras could not compile the
    /// model.</summary>
    /// <exception cref="InvalidOperationException">There is such a thing.</exception>
    public static void RequireKerasOptimizer(Model model)
    {
        string? what = model.Optimizer switch
        {
            { LearningRateMultipliers.Count: > 0 } => "learning rates of single layers",
            { ExcludedFromWeightDecay.Count: > 0 } => "a list of what weight decay leaves alone",
            { Schedule: not ConstantRate and var schedule } when !Kinds.Module(Kinds.Schedules, schedule.ClassName)
                .StartsWith("keras", StringComparison.Ordinal) => $"the schedule {schedule.ClassName}",
            _ => null,
        };
        if (what is not null)
        {
            throw new InvalidOperationException(
                $"Model '{model.Name}' is not written for Keras, whose files cannot say of an optimizer that it has {what}. Save "
                + "it with model.Save(\"model.json\"), or write the weights alone with KerasFile.SaveWeights.");
        }
    }

    /// <summary>Refuses activations, losses and whatever else Keras could not make of what is said of them.</summary>
    /// <exception cref="InvalidOperationException">There is such a thing.</exception>
    public static void RequireKerasComponents(Model model, string architecture)
    {
        // Quotes in texts are escaped, so that no text looks like this.
        Match activation = OwnActivation().Match(architecture);
        if (activation.Success)
        {
            throw new InvalidOperationException($"Model '{model.Name}' is not written for Keras, which has no activation that is "
                + $"called '{activation.Groups["name"].Value}' alone. Use another one, or save it with "
                + "model.Save(\"model.json\"), which this library reads, or with OnnxFile.Save, which runtimes run.");
        }

        Match stranger = Stranger().Match(architecture);
        if (stranger.Success)
        {
            string kind = stranger.Groups["kind"].Value;
            string name = stranger.Groups["name"].Value;
            throw new InvalidOperationException($"Model '{model.Name}' is not written for Keras, "
                + (kind == "activations" ? $"which knows '{name}' without options alone. Use one that it has (LeakyRelu, Elu and "
                    + "Relu may have options, which it reads as layers), or save it"
                    : $"which has no {name} ({kind}). Use one that it has, or save it")
                + " with model.Save(\"model.json\"), which this library reads, or with OnnxFile.Save, which runtimes run.");
        }
    }

    /// <summary>Refuses layers that Keras could not read.</summary>
    private static void RequireKeras(Model model, Layer layer)
    {
        string? stranger = layer is not Recurrent.Models.Model && !IsKeras(layer.ClassName) ? layer.ClassName
            : CellsOf(layer).Select(cell => cell.ClassName).FirstOrDefault(name => !IsKeras(name));
        if (stranger is not null)
        {
            throw new InvalidOperationException(
                $"Model '{model.Name}' is not written for Keras, which has no {stranger} ({layer.Introduction}). Save it with "
                + "model.Save(\"model.json\"), which this library reads.");
        }

        foreach (Layer inside in (layer as Model)?.Layers ?? layer.Inner)
        {
            RequireKeras(model, inside);
        }
    }

    private static IEnumerable<RecurrentCell> CellsOf(Layer layer) => layer switch
    {
        // Keras's layer has its cell to itself.
        ConvLSTM1D => [],
        RecurrentLayer { Cell: StackedRNNCells stack } => stack.Cells,
        RecurrentLayer recurrent => [recurrent.Cell],
        _ => [],
    };

    private static bool IsKeras(string className) =>
        Kinds.Module(Kinds.Layers, className).StartsWith("keras", StringComparison.Ordinal);

    [GeneratedRegex("\"module\":\\s*\"recurrent\\.(?<kind>[a-z.]*)\",\\s*\"class_name\":\\s*\"(?<name>[^\"]*)\"",
        RegexOptions.CultureInvariant)]
    private static partial Regex Stranger();

    // Keras's threshold has no defaults for what it compares with and what it gives instead.
    [GeneratedRegex("\"(recurrent_)?activation\":\\s*\"(?<name>soft_positive|threshold)\"", RegexOptions.CultureInvariant)]
    private static partial Regex OwnActivation();

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
