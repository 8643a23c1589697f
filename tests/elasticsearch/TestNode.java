import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.elasticsearch.common.logging.LogConfigurator;
import org.elasticsearch.common.settings.Settings;
import org.elasticsearch.env.Environment;
import org.elasticsearch.node.Node;
import org.elasticsearch.plugins.PluginsLoader;

/** An Elasticsearch node without its launcher: arguments are the folder of its configuration and settings, name=value. */
public final class TestNode extends Node {
    private TestNode(Environment environment, PluginsLoader plugins) {
        super(environment, plugins);
    }

    public static void main(String[] arguments) throws Exception {
        Settings.Builder settings = Settings.builder();
        for (int i = 1; i < arguments.length; i++) {
            int sign = arguments[i].indexOf('=');
            settings.put(arguments[i].substring(0, sign), arguments[i].substring(sign + 1));
        }
        LogConfigurator.configureESLogging();
        Environment environment = new Environment(settings.build(), Path.of(arguments[0]));
        var modules = PluginsLoader.loadModulesBundles(environment.modulesDir(), true);
        new TestNode(environment, PluginsLoader.createPluginsLoader(modules, Set.of(), Map.of(), false)).start();
        // The end of this stream is the end of whoever started the node, however that came about.
        while (System.in.read() >= 0) {}
        Runtime.getRuntime().halt(0);
    }
}
